import js from '@eslint/js';
import accessibility from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import typescript from 'typescript-eslint';

export default defineConfig(
  { ignores: ['dist', 'src/api/schema.d.ts'] },
  js.configs.recommended,
  typescript.configs.recommended,
  accessibility.flatConfigs.recommended,
  hooks.configs['recommended-latest'],
  {
    rules: {
      eqeqeq: 'error',
      'react-hooks/exhaustive-deps': 'error',
      // Citizen text is always text.
      'no-restricted-syntax': [
        'error',
        { selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]', message: 'Text is shown as text.' },
        { selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]', message: 'Text is shown as text.' },
      ],
    },
  },
);
