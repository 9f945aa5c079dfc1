export { type AlarmsProps, addAlarms } from './alarms.ts';
export { addDashboard, addMediaDashboard, type DashboardProps } from './dashboard.ts';
