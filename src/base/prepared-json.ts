/** Data of an answer as finished JSON text, so that what many ask for is written once. */
export class PreparedJson {
  readonly text: string;

  constructor(data: unknown) {
    this.text = JSON.stringify(data);
  }
}
