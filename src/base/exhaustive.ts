/** Marks a place that cannot be reached: the compiler demands that every kind was handled before it. */
export const exhaustive = (value: never): never => {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
};
