// SPDX-License-Identifier: GPL-3.0-or-later
import { createTheme, Menu, Modal, Popover, Select, Tooltip } from '@mantine/core';

/// The variables that belong to it are in theme.css: a style element made at run time is nothing that our
/// Content-Security-Policy allows. For the same reason nothing locks scrolling, and no component is used whose layout
/// depends on the width (Grid, SimpleGrid, AppShell, visibleFrom): our own style sheets do that.
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  autoContrast: true,
  components: {
    // In its landmark, and with no children but its items: screen readers count them.
    Menu: Menu.extend({ defaultProps: { withinPortal: false, withInitialFocusPlaceholder: false } }),
    // The head of a dialog is none of the page.
    DrawerHeader: { defaultProps: { role: 'none' } },
    Modal: Modal.extend({ defaultProps: { lockScroll: false, centered: true } }),
    ModalHeader: { defaultProps: { role: 'none' } },
    Popover: Popover.extend({ defaultProps: { shadow: 'md' } }),
    Select: Select.extend({ defaultProps: { checkIconPosition: 'right' } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300 } }),
  },
});
