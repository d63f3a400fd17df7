"""rasa-sdk action handlers: read slots, call one hotline function, return a response name and slots."""
