/** Temperatures of calibration: which may be found, and which say something. */

/** A model that is never wrong on validation data would want 0. */
export const TEMPERATURE_RANGE = [0.05, 20] as const;

/**
 * Where no validation sample is answered wrongly, ever lower temperatures fit ever better, up to the end of the range:
 * that says nothing of how sure a model may be, and its probabilities stay as they are.
 */
export const believableTemperature = (temperature: number | null): number | null =>
  temperature !== null && temperature <= TEMPERATURE_RANGE[0] * 1.001 ? 1 : temperature;
