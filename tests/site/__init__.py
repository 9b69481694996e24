"""The built pages, most of them in a browser."""
