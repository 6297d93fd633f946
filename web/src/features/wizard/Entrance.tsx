// SPDX-License-Identifier: GPL-3.0-or-later
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { confd } from '@/api/client';
import type { WizardDiscover } from '@/api/generated/confd';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';
import { SignInPage } from '@/features/session/SignIn';

const WizardPage = lazy(() => import('./WizardPage').then((module) => ({ default: module.WizardPage })));

/// What somebody sees who has not signed in: the wizard where the system was not configured yet.
export function Entrance() {
  const [found, set_found] = useState<WizardDiscover | 'asking' | 'configured'>('asking');
  const [problem, set_problem] = useState<unknown>(null);
  const ask = useCallback(async (): Promise<WizardDiscover | 'configured'> => {
    const { configured } = (await confd.get('/wizard')).data;
    return configured === false ? (await confd.get('/wizard/discover')).data : 'configured';
  }, []);
  const refresh = useCallback(() => {
    set_problem(null);
    ask().then(set_found, set_problem);
  }, [ask]);
  useEffect(refresh, [refresh]);
  if (problem !== null)
    return (
      <main>
        <LoadFailed error={problem} retry={refresh} />
      </main>
    );
  if (found === 'asking') return <Loading />;
  if (found === 'configured') return <SignInPage />;
  return (
    <Suspense fallback={<Loading />}>
      <WizardPage found={found} done={refresh} />
    </Suspense>
  );
}
