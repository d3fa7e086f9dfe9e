// Generated from package.json by npm run generate; do not edit.

/** Version of trainlock: of the npm package, the Python wheel and every manifest they write. */
export const VERSION = '0.1.0';
