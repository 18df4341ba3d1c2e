"""What the page of a file shows of it besides plain text: pictures, tables, trees, lists; every reading is bounded."""
