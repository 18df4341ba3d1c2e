"""Pages: templates of all rooms in one environment, in the language of whoever reads them."""
