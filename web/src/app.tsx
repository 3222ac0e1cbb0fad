import { Menu } from '@mantine/core';
import { Suspense, lazy, useEffect, useState } from 'react';
import { Link, NavLink, Navigate, Route, Routes, useNavigate } from 'react-router-dom';
import { api, ask, whenSignedOut } from './api/client';
import { useLive } from './api/events';
import { MeContext, has, keysOf, queryClient, takeSession, useMe, useSession } from './api/queries';
import type { Role } from './api/types';
import { Icon } from './components/icon';
import { KeySheet, useKeys } from './components/keyboard';
import { useNow } from './components/marks';
import { SilenceBanner } from './components/silence';
import { Empty, Failed, Loading, complained } from './components/states';
import { HeldReplies } from './case/held';
import { forgetDrafts } from './logic/drafts';
import { instantText } from './logic/time';
import { CasePage } from './screens/case';
import { ListPage } from './screens/list';
import { SignIn } from './screens/sign_in';

// What is opened now and then comes when it is opened.
const OverviewPage = lazy(() => import('./screens/overview'));
const PlanPage = lazy(() => import('./screens/plan'));
const ReportsPage = lazy(() => import('./screens/reports'));
const TemplatesPage = lazy(() => import('./screens/templates'));
const StaffPage = lazy(() => import('./screens/staff'));
const AuditPage = lazy(() => import('./screens/audit'));
const AccountPage = lazy(() => import('./screens/account'));
const UnknownPage = lazy(() => import('./screens/unknown'));
const ProceduresPage = lazy(() => import('./screens/procedures'));
const ProcedurePage = lazy(() => import('./screens/procedure'));
const OperationsPage = lazy(() => import('./screens/operations'));

const everybody: Role[] = ['viewer', 'officer', 'coordinator', 'editor', 'admin'];
const pages: { path: string; title: string; roles: Role[] }[] = [
  { path: '/complaints', title: 'Phản ánh', roles: ['officer', 'coordinator'] },
  { path: '/overview', title: 'Tổng quan', roles: everybody },
  { path: '/plan', title: 'Kế hoạch & từ khóa', roles: everybody },
  { path: '/reports', title: 'Báo cáo', roles: everybody },
  { path: '/templates', title: 'Mẫu câu', roles: ['officer', 'coordinator', 'editor'] },
  { path: '/unknown', title: 'Câu chưa hiểu', roles: ['editor'] },
  { path: '/procedures', title: 'Thủ tục', roles: ['editor'] },
  { path: '/operations', title: 'Vận hành', roles: ['coordinator', 'admin'] },
  { path: '/staff', title: 'Cán bộ', roles: ['admin'] },
  { path: '/audit', title: 'Nhật ký', roles: ['admin'] },
];

export function App() {
  const session = useSession();
  useEffect(() => whenSignedOut(() => void queryClient.invalidateQueries({ queryKey: keysOf.session })), []);
  if (session.isPending)
    return (
      <div className="page">
        <Loading />
      </div>
    );
  if (!session.data)
    return (
      <div className="page">
        <Failed error={session.error} again={() => void session.refetch()} />
      </div>
    );
  if (session.data.stage !== 'active' || !session.data.staff_member) return <SignIn session={session.data} />;
  return (
    <MeContext value={session.data.staff_member}>
      <Frame />
    </MeContext>
  );
}

function Frame() {
  const me = useMe();
  const navigate = useNavigate();
  const live = useLive();
  const now = useNow();
  const [sheet, setSheet] = useState(false);
  useKeys(['everywhere'], {
    sheet: () => setSheet(true),
    tab_mine: () => navigate('/complaints'),
    tab_unassigned: () => navigate('/complaints?tab=unassigned'),
    tab_open: () => navigate('/complaints?tab=open'),
  });
  const mine = pages.filter(({ roles }) => has(me, ...roles));
  const signOut = async () => {
    try {
      await ask(api.DELETE('/session'));
      forgetDrafts();
      queryClient.clear();
      takeSession({ stage: 'signed_out', csrf_token: null, staff_member: null, idle_ends_at: null, ends_at: null });
      void queryClient.invalidateQueries({ queryKey: keysOf.session });
    } catch (error) {
      complained(error);
    }
  };
  return (
    <>
      <header className="top">
        <Link to="/" className="brand">
          <Icon name="gate" /> Một Cửa
        </Link>
        <nav aria-label="Các trang">
          {mine.map(({ path, title }) => (
            <NavLink key={path} to={path}>
              {title}
            </NavLink>
          ))}
        </nav>
        <Menu position="bottom-end">
          <Menu.Target>
            <button className="account" type="button">
              {me.name} ▾
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => navigate('/account')}>Tài khoản của tôi</Menu.Item>
            <Menu.Item onClick={() => setSheet(true)}>Phím tắt (?)</Menu.Item>
            <Menu.Item onClick={() => void signOut()}>Đăng xuất</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </header>
      <SilenceBanner />
      {!live.connected && (
        <div className="strip" role="status">
          Mất kết nối với máy chủ. Số liệu có thể đã cũ; nội dung đang viết vẫn được giữ, hệ thống tự nối lại.
        </div>
      )}
      {live.sessionEndsAt !== null && Date.parse(live.sessionEndsAt) > now && (
        <div className="strip" role="status">
          Phiên làm việc kết thúc lúc {instantText(live.sessionEndsAt)}. Bấm vào bất kỳ đâu để làm tiếp; quá 8 giờ thì đăng nhập lại.
        </div>
      )}
      <main className="page">
        <Suspense fallback={<Loading />}>
          <HeldReplies>
            <Routes>
              <Route path="/" element={<Navigate to={mine[0]?.path ?? '/account'} replace />} />
              {has(me, 'officer', 'coordinator') && (
                <>
                  <Route path="/complaints" element={<ListPage />} />
                  <Route path="/complaints/:code" element={<CasePage />} />
                </>
              )}
              {has(me, 'officer', 'coordinator', 'editor') && <Route path="/templates" element={<TemplatesPage />} />}
              {has(me, 'editor') && (
                <>
                  <Route path="/unknown" element={<UnknownPage />} />
                  <Route path="/procedures" element={<ProceduresPage />} />
                  <Route path="/procedures/:code" element={<ProcedurePage />} />
                </>
              )}
              {has(me, 'coordinator', 'admin') && <Route path="/operations" element={<OperationsPage />} />}
              {has(me, 'admin') && <Route path="/staff" element={<StaffPage />} />}
              {has(me, 'admin') && <Route path="/audit" element={<AuditPage />} />}
              <Route path="/overview" element={<OverviewPage />} />
              <Route path="/plan" element={<PlanPage />} />
              <Route path="/reports" element={<ReportsPage />} />
              <Route path="/account" element={<AccountPage />} />
              <Route path="*" element={<Nothing />} />
            </Routes>
          </HeldReplies>
        </Suspense>
      </main>
      <KeySheet opened={sheet} onClose={() => setSheet(false)} />
    </>
  );
}

function Nothing() {
  return (
    <Empty title="Không có trang này">
      <p className="quiet">Địa chỉ không đúng, hoặc tài khoản của anh/chị không có quyền xem.</p>
      <Link to="/">Về trang đầu</Link>
    </Empty>
  );
}
