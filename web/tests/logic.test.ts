import { beforeEach, describe, expect, it } from 'vitest';
import type { Delivery, Template } from '../src/api/types';
import { deliveryMark, mayResend, mayTakeBack } from '../src/logic/delivery';
import { forgetDrafts, loadDraft, saveDraft, type Draft } from '../src/logic/drafts';
import { neighbour } from '../src/logic/neighbours';
import { fitting, insertTemplate, proposed, slashSearch } from '../src/logic/templates';

describe('delivery marks', () => {
  it.each([
    ['held', '◷', false, true], ['waiting_contact', '…', false, true], ['queued', '↑', false, false], ['sent', '✓', false, false], ['seen', '✓✓', false, false],
  ] as [Delivery, string, boolean, boolean][])('%s is %s', (delivery, mark, resend, back) => {
    expect(deliveryMark({ delivery, failure: null })?.mark).toBe(mark);
    expect(mayResend({ delivery, failure: null })).toBe(resend);
    expect(mayTakeBack({ delivery })).toBe(back);
  });
  it('say why it failed, and offer to send again only if that is safe', () => {
    const failure = { reason: 'window_closed', title: 'cửa sổ Zalo đã đóng', resendable: true } as const;
    expect(deliveryMark({ delivery: 'failed', failure })).toEqual({ mark: '✗', title: 'Không gửi được: cửa sổ Zalo đã đóng', tone: 'bad' });
    expect(mayResend({ delivery: 'failed', failure })).toBe(true);
    expect(mayResend({ delivery: 'failed', failure: { ...failure, reason: 'unknown_outcome', resendable: false } })).toBe(false);
  });
  it('are not on what the citizen said', () => expect(deliveryMark({ delivery: null, failure: null })).toBeNull());
});

describe('drafts', () => {
  const draft: Draft = { mode: 'reply', text: 'đang viết', transition: 'answer', version: 4, request_id: null };
  beforeEach(() => localStorage.clear());
  it('survive, per account and case', () => {
    saveDraft('s1', 'PA-1', draft);
    expect(loadDraft('s1', 'PA-1')).toEqual(draft);
    expect(loadDraft('s2', 'PA-1')).toBeNull();
    expect(loadDraft('s1', 'PA-2')).toBeNull();
  });
  it('are gone when empty or signed out, and nothing else is', () => {
    localStorage.setItem('other', 'x');
    saveDraft('s1', 'PA-1', draft);
    saveDraft('s1', 'PA-1', { ...draft, text: '' });
    expect(loadDraft('s1', 'PA-1')).toBeNull();
    saveDraft('s1', 'PA-1', draft);
    saveDraft('s1', 'PA-2', draft);
    forgetDrafts();
    expect(Object.keys(localStorage)).toEqual(['other']);
  });
  it.each(['{', '{}', '[]', 'null', '{"mode":"shout","text":"x","transition":null,"version":1,"request_id":null}'])('that cannot be read are none: %s', (stored) => {
    localStorage.setItem('motcua.draft.s1.PA-1', stored);
    expect(loadDraft('s1', 'PA-1')).toBeNull();
  });
});

describe('templates', () => {
  const make = (id: string, title: string, categories: string[], transition: string | null): Template => ({
    id, title, text: `nội dung ${title}`, categories, transition, version: 1, updated_at: '2026-11-22T00:00:00Z', updated_by: null,
  });
  const all = [make('1', 'Chung', [], null), make('2', 'Trả lời chung', [], 'answer'), make('3', 'Trả lời trễ hẹn', ['delay'], 'answer'), make('4', 'Xin thêm', [], 'ask_more'), make('5', 'Phí', ['fees'], null)];
  const ids = (found: Template[]) => found.map(({ id }) => id);
  it('come best first', () => expect(ids(fitting(all, 'delay', 'answer'))).toEqual(['3', '2', '1']));
  it('of other categories do not come', () => expect(ids(fitting(all, 'delay', null))).not.toContain('5'));
  it('are found without marks', () => expect(ids(fitting(all, 'delay', null, 'tre hen'))).toEqual(['3']));
  it('are proposed for the transition only', () => {
    expect(proposed(all, 'delay', 'answer')?.id).toBe('3');
    expect(proposed(all, 'other', 'answer')?.id).toBe('2');
    expect(proposed(all, 'delay', 'publish')).toBeNull();
  });
  it.each([['/', 1, ''], ['/tre', 4, 'tre'], ['a\n/x', 4, 'x'], ['a/x', 3, null], ['/x', 0, null], ['', 0, null], ['/x\n', 3, null]])('"/" in %j at %i searches %j', (text, caret, search) => {
    expect(slashSearch(text, caret)).toBe(search);
  });
  it('take the place of the search', () => {
    expect(insertTemplate('Chào\n/tre sau', 9, 'MẪU')).toEqual({ text: 'Chào\nMẪU sau', caret: 8 });
    expect(insertTemplate('ab', 1, 'X')).toEqual({ text: 'aXb', caret: 2 });
  });
});

describe('neighbours', () => {
  it.each([
    [0, 1, 1, { page: 1, index: 1 }], [24, 1, 1, { page: 2, index: 0 }], [0, 2, -1, { page: 1, index: 24 }], [0, 1, -1, null], [4, 3, 1, null], [-1, 1, 1, { page: 1, index: 0 }],
  ] as const)('of row %i on page %i, step %i', (index, page, step, expected) => {
    expect(neighbour(index, page, 25, 55, step)).toEqual(expected);
  });
});
