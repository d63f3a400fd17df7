"""What the documents say: cards, rules and places as data with their sources, checked, searched and answered."""
