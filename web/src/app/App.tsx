// SPDX-License-Identifier: GPL-3.0-or-later
import { MantineProvider, Modal } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/error';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';
import { session, type Account } from '@/features/session/session';
import { SignInForm } from '@/features/session/SignIn';
import { useSession } from '@/features/session/use_session';
import { Entrance } from '@/features/wizard/Entrance';
import { theme } from './theme';

// Who signs in as an administrator has other views than a person; none of the other's code is loaded.
const AdministratorViews = lazy(() => import('./AdministratorViews').then((module) => ({ default: module.AdministratorViews })));
const PersonViews = lazy(() => import('./PersonViews').then((module) => ({ default: module.PersonViews })));

function new_queries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // What was refused is refused again; what could not be reached may come back.
        retry: (count, error) => !(error instanceof ApiError && !error.unreachable) && count < 3,
      },
    },
  });
}

/// All that somebody sees who has signed in; another account begins with nothing of the one before.
function Views({ account }: { account: Account }) {
  const [queries] = useState(new_queries);
  return (
    <QueryClientProvider client={queries}>
      <Suspense fallback={<Loading />}>{account.backend === 'xivo_admin' ? <AdministratorViews /> : <PersonViews />}</Suspense>
    </QueryClientProvider>
  );
}

function Content() {
  const { t } = useTranslation();
  const state = useSession();
  const [problem, set_problem] = useState<unknown>(null);
  const restore = () => {
    set_problem(null);
    session.restore().catch(set_problem);
  };
  useEffect(restore, []);
  if (problem) return <LoadFailed error={problem} retry={restore} />;
  if (state.status === 'restoring') return <Loading />;
  const account = state.status === 'in' ? state.account : state.ended;
  if (!account) return <Entrance />;
  return (
    <>
      <Views key={`${account.backend} ${account.username}`} account={account} />
      <Modal
        opened={state.status === 'out'}
        onClose={() => void session.sign_out()}
        title={t('signIn.again')}
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': t('menu.signOut') }}
      >
        <SignInForm ended={account} />
      </Modal>
    </>
  );
}

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <Notifications position="bottom-right" limit={4} />
      <Content />
    </MantineProvider>
  );
}
