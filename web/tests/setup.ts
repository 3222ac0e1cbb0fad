import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

// What the component library asks for and jsdom lacks.
window.matchMedia ??= (query) => ({
  matches: false, media: query, onchange: null, addListener: () => undefined, removeListener: () => undefined,
  addEventListener: () => undefined, removeEventListener: () => undefined, dispatchEvent: () => false,
});
window.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
Object.defineProperty(document, 'fonts', { value: { addEventListener: () => undefined, removeEventListener: () => undefined } });

afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
});
