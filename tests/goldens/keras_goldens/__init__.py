"""Cases by subject (layers, graphs, losses, ...), each a module with `cases()`, over `build` and `record`."""
