/** Name of a distribution as indexes compare it. Source: PEP 503. */
export const packageName = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-');
