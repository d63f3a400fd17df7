"""Facts about the world as data with sources, and the small pure code that reads and searches them."""
