"""Ground floor: database, blobs, events, HTTP edge; no word of the product."""
