/** Which test samples of an arm a number is about; all of them where nothing is said. */
export interface Behind {
  truth?: string;
  answer?: string;
  group?: string;
}
