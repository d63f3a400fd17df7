"""What the hotline does, one care task per file. Standard library, `knowledge` and `language` only."""
