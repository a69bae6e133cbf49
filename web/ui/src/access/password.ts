/** As the server demands it; it has the last word. */
export const kShortestPassword = 10;
