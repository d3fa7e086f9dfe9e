import { Composer, type Document, Lexer, LineCounter, type ParsedNode, Parser } from 'yaml';
import { accepted, fromUtf8, type Reading, rejected } from '#base';

/** What a document may have at most. The parser library aborts the whole process on megabytes of brackets. */
export type YamlBounds = {
  /** Unit: byte. */
  readonly maxBytes: number;
  /** Levels of nesting. */
  readonly maxDepth: number;
  /** Lexemes: words, marks, white space. */
  readonly maxParts: number;
};

export type ComposedYaml = {
  /** Its errors and warnings are not looked at yet, and nothing of it is checked. */
  readonly document: Document.Parsed;
  /** Line, from 1, of a place in the text. */
  readonly lineAt: (offset: number) => number;
};

/**
 * Reads untrusted bytes as one YAML 1.2 document, composed only after its depth and its number of parts are known to be harmless. A
 * byte-order mark is dropped. `schema`: core knows numbers, booleans and null; in failsafe all scalars are texts. Never throws.
 * Source: yaml.org/spec/1.2.2, §10.
 */
export const composeYaml = (bytes: Uint8Array, schema: 'core' | 'failsafe', { maxBytes, maxDepth, maxParts }: YamlBounds): Reading<ComposedYaml> => {
  if (bytes.length > maxBytes) return rejected({ pointer: '', message: `the file has ${bytes.length} bytes; at most ${maxBytes} are read` });
  const decoded = fromUtf8(bytes);
  if (decoded === undefined) return rejected({ pointer: '', message: 'the file is not UTF-8' });
  const text = decoded.replace(/^\ufeff/, '');
  const lines = new LineCounter();
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  const tokens = [];
  let parts = 0;
  for (const lexeme of new Lexer().lex(text)) {
    parts += 1;
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > maxDepth) return rejected({ pointer: '', line: lineAt(parser.offset), message: `nested deeper than ${maxDepth} levels` });
    if (parts > maxParts) return rejected({ pointer: '', message: `the file has more than ${maxParts} parts` });
  }
  tokens.push(...parser.end());
  const composer = new Composer<ParsedNode>({ ...OPTIONS, schema });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (second !== undefined) return rejected({ pointer: '', line: lineAt(second.range[0]), message: 'the file has more than one document' });
  return accepted({ document: document!, lineAt });
};

const OPTIONS = { version: '1.2', strict: true, uniqueKeys: false, merge: false, customTags: null, prettyErrors: false, logLevel: 'error' } as const;
