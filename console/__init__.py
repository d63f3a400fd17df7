"""The operators' web console: pages made here, everything that is true or done by `hotline`."""
