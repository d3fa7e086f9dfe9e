/** Whether a file is one of the ignored paths or lies below one. Exact and case-sensitive, no patterns. Source: OpenSSF Model Signing v1.0. */
export const isIgnored = (path: string, ignorePaths: readonly string[]): boolean => ignorePaths.some((ignored) => path === ignored || path.startsWith(`${ignored}/`));
