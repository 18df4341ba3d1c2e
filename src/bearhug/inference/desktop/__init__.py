"""Entries of file managers that cut out pictures: right click, send to."""
