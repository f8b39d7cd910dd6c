const PLACEHOLDER = /\{\{[^{}\n]*\}\}/g;
const PRIVATE = 0xe000;
const MASKED = /[\ue000-\uf8ff]/g;

/**
 * Hides `{{variables}}`, which YAML would take for maps, behind as many private characters; texts
 * that have such characters themselves stay as they are.
 */
export function maskPlaceholders(text: string): string {
  if (text.search(MASKED) >= 0) return text;
  return text.replace(PLACEHOLDER, (found) => found.replace(/./gu, maskedCharacter));
}

/** Gives back what maskPlaceholders() hid. */
export function unmaskPlaceholders(text: string): string {
  return text.replace(MASKED, (each) => String.fromCharCode(each.charCodeAt(0) - PRIVATE));
}

/** A variable whose name is not of these characters has no value anyway. */
function maskedCharacter(character: string): string {
  const code = character.charCodeAt(0);
  const masked = code < 0x80 ? PRIVATE + code : PRIVATE + 0x3f;
  return String.fromCharCode(masked).repeat(character.length);
}
