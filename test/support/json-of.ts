/** Reads the body of an answer as JSON, untyped as tests look into it. */
export async function jsonOf(response: Response) {
  return JSON.parse(await response.text());
}
