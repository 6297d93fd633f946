// SPDX-License-Identifier: GPL-3.0-or-later
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './app/theme.css';
import './i18n';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
