"""spaCy components and architectures; configs name them, entry points find them."""
