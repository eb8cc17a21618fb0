"""Pure machines: text and values in, values out. They know no account, store, clock or network."""
