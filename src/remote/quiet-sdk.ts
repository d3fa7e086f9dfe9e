/** The SDK of AWS warns of the age of Node on the terminal of whoever uses it; that is our matter. Gives back what undoes the silence. */
export const quietSdk = (): (() => void) => {
  const variable = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';
  const before = process.env[variable];
  process.env[variable] = 'true';
  return () => {
    if (before === undefined) delete process.env[variable];
    else process.env[variable] = before;
  };
};
