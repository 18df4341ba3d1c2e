"""The pages of models, datasets and Spaces: filters with counts, orders, pages, each state with an address."""
