import { describe, expect, it } from 'vitest';
import { isField, keys, meaning, type Place } from '../src/logic/keys';

const stroke = (key: string, more = {}) => ({ key, ctrl: false, other: false, inField: false, ...more });
const press = (sequence: string, here: Place[], more = {}) => {
  let pending = '';
  let action = null;
  for (const key of sequence.split(' ')) ({ action, pending } = meaning(stroke(key, more), here, pending));
  return action;
};

describe('keys', () => {
  it.each(keys.filter(({ where }) => where !== 'field'))('$keys does $action', ({ keys: sequence, action, where }) => {
    expect(press(sequence, [where])).toBe(action);
    expect(press(sequence, [where], { inField: true })).toBeNull();
    expect(press(sequence, [where], { other: true })).toBeNull();
  });
  it('are told apart by place', () => {
    expect(press('j', ['case'])).toBeNull();
    expect(press('r', ['list'])).toBeNull();
    expect(press('g u', ['case'])).toBe('tab_unassigned');
    expect(press('u', ['case'])).toBe('back');
  });
  it('tell capitals apart', () => {
    expect(press('e', ['case'])).toBe('answered');
    expect(press('E', ['case'])).toBe('answered_next');
  });
  it('leave the browser its own', () => {
    expect(meaning(stroke('r', { ctrl: true }), ['case'], '').action).toBeNull();
    expect(meaning(stroke('d', { ctrl: true }), ['case'], '').action).toBeNull();
  });
  it('go on after a sequence that came to nothing', () => {
    expect(press('g j', ['list'])).toBe('next');
    expect(meaning(stroke('x'), ['list'], 'g')).toEqual({ action: null, pending: '' });
  });
  it('send from a field only', () => {
    expect(meaning(stroke('Enter', { ctrl: true, inField: true }), ['case'], '').action).toBe('send');
    expect(meaning(stroke('Enter', { ctrl: true }), ['case'], '').action).toBeNull();
  });
  it('have no two meanings in one place', () => {
    for (const place of ['list', 'case'] as const) {
      const usable = keys.filter(({ where }) => where === place || where === 'everywhere').map((each) => each.keys as string);
      expect(new Set(usable).size).toBe(usable.length);
      for (const one of usable) expect(usable.filter((other) => other !== one && other.startsWith(`${one} `))).toEqual([]);
    }
  });
  it('know a field', () => {
    const make = (tag: string, attributes: Record<string, string> = {}) => Object.entries(attributes).reduce((element, [name, value]) => (element.setAttribute(name, value), element), document.createElement(tag));
    expect([make('input'), make('textarea'), make('select'), make('div', { role: 'combobox' })].map(isField)).toEqual([true, true, true, true]);
    expect([make('input', { type: 'checkbox' }), make('button'), make('a'), document.body, null].map(isField)).toEqual([false, false, false, false, false]);
  });
});
