#!/usr/bin/env node
/** The program `trainlock`. Everything else is loaded after the compile cache is on, where Node has one (22 and newer). */
import module from 'node:module';

(module as { enableCompileCache?: () => void }).enableCompileCache?.();
const argv = process.argv.slice(2);
const { quickAnswer } = await import('./quick-answer.ts');
if (!(await quickAnswer(argv))) {
  const { runCommandLine } = await import('./run-command-line.ts');
  await runCommandLine(argv);
}
