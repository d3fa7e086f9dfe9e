import { basename } from 'node:path';

/** Whether a program is called like a Python interpreter: python, python3, /opt/env/bin/python3.12. */
export const isPython = (program: string): boolean => /^(?:python|pypy)[0-9.]*$/.test(basename(program));
