const ASCII = /^[\0-\x7f]*$/;

/** Gives a text in lower case. Parity: strings.ToLower of Go, which maps each character by itself. */
export function goLowerCase(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return Array.from(text, (char) => (char === "İ" ? "i" : char.toLowerCase())).join("");
}
