/** Type of what is dragged from the palette: the id of a symbol. */
export const kSymbolType = "application/x-tagwire-symbol";
