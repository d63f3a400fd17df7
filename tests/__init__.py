"""The tests. This file is here because sippy installs a package of the same name."""
