// SPDX-License-Identifier: GPL-3.0-or-later
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/// `npm run dev` shows what is edited at once, and asks a running `./dev run` for all else.
const almon = process.env['ALMON_URL'] ?? 'https://localhost:8443';
const forwarded = { target: almon, secure: false, changeOrigin: true };

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': folder('src') } },
  build: {
    outDir: process.env['ALMON_WEB'] ?? folder('../build/release/web'),
    emptyOutDir: true,
    target: 'es2022',
    // Small files as data would need other rules in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 800,
    rollupOptions: {
      output: {
        // What changes seldom stays in the browser's cache when the page changes.
        manualChunks: { react: ['react', 'react-dom/client'] },
      },
    },
  },
  server: { proxy: { '/api': forwarded, '/health': forwarded, '/ws': { ...forwarded, ws: true } } },
  // The few tests that need a page say so at their top: making one takes longer than most tests.
  test: { environment: 'node', css: false },
});
