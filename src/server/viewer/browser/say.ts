/** Tells those who do not see the page what happened on it. */
export function say(text: string): void {
  const place = document.getElementById("said");
  if (place !== null) place.textContent = text;
}
