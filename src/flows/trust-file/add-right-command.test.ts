import { describe, expect, it } from 'vitest';
import { PREDICATE_TYPES } from '#statements';
import { addRightCommand } from './add-right-command.ts';

const ann = { name: 'ann', roles: ['signer', 'approver-data'], statementTypes: [PREDICATE_TYPES['training-run'], 'https://example.com/own/v1'] } as const;

describe('addRightCommand', () => {
  it('names every right that the signer has, and the new one once', () => {
    const command = 'trainlock trust add ann --role signer --role approver-data --role approver-model --type training-run --type https://example.com/own/v1 --type approval';
    expect(addRightCommand(ann, { kind: 'approval', role: 'approver-model' })).toBe(command);
    expect(addRightCommand({ ...ann, roles: ['signer', 'approver-data', 'approver-model'] }, { kind: 'approval', role: 'approver-data' })).toBe(command);
  });

  it('quotes names that a shell would take apart', () => {
    expect(addRightCommand({ name: 'ann & co', roles: [], statementTypes: [] }, { kind: 'withdrawal' })).toBe("trainlock trust add 'ann & co' --type withdrawal");
  });
});
