"""File formats, one module each, with paired `read_x` and `write_x`."""
