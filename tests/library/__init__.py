"""The library: every function against PyTorch or a property."""
