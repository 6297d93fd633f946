// SPDX-License-Identifier: GPL-3.0-or-later
import { useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { usePhone } from './PhoneProvider';

/// Whoever types something when it rings has answered nothing by it.
const kDeafFor = 700;

export interface RingingFocus {
  ref: RefObject<HTMLDivElement | null>;
  tabIndex: -1;
  onKeyDown: (event: KeyboardEvent) => void;
  'data-ready': boolean;
  // Escape is the call's, whatever else listens to it.
  'data-mantine-stop-propagation': true;
}

/// The keyboard of a call that rings, for the element that shows it: it takes the focus, Enter answers, Escape declines. The
/// focus stays on it when the call has been answered, and goes back to where it was when the element goes.
export function useRingingFocus(id: string, rings: boolean): RingingFocus {
  const { phone } = usePhone();
  const ref = useRef<HTMLDivElement>(null);
  const before = useRef<Element | null>(null);
  const [ready, set_ready] = useState(false);
  useLayoutEffect(() => {
    const box = ref.current;
    if (!rings) {
      // The button that was pressed is gone; what has come in its place is reached from here.
      if (before.current && document.activeElement === document.body) box?.focus();
      return;
    }
    before.current = document.activeElement;
    box?.focus();
    const timer = setTimeout(() => set_ready(true), kDeafFor);
    return () => {
      clearTimeout(timer);
      set_ready(false);
    };
  }, [rings]);
  useLayoutEffect(() => {
    const box = ref.current;
    return () => {
      if (box?.contains(document.activeElement) && before.current instanceof HTMLElement) before.current.focus();
    };
  }, []);
  return {
    ref,
    tabIndex: -1,
    onKeyDown: (event) => {
      if (!ready || event.repeat) return;
      if (event.key === 'Escape') phone.hang_up(id);
      // A button that has the focus knows what Enter means for it.
      else if (event.key === 'Enter' && event.target === ref.current) phone.answer(id);
      else return;
      event.preventDefault();
    },
    'data-ready': ready,
    'data-mantine-stop-propagation': true,
  };
}
