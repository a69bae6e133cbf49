/** The address of a place on the pages (parameters of its URL) as a browser on the server's own machine would open it. */
export function onServersMachine(address: string, place: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  url.hostname = "127.0.0.1";
  url.search = new URLSearchParams(place).toString();
  url.hash = "";
  return url.href;
}
