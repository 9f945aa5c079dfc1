import { defineConfig } from 'vite';

const pages = ['minimal-call', 'react-call', 'screen-share', 'chat'];

export default defineConfig({
  build: { rolldownOptions: { input: pages.map((page) => `${page}/index.html`) } },
});
