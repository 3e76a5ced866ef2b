"""Pure rules and the vocabulary: no Textual, no SQL, no network, no clock."""
