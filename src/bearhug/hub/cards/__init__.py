"""The card indexer: what README and files say of a repository, and whether a card is valid."""
