/** Something the person at the keyboard can put right: shown as its one sentence, without a stack trace. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}
