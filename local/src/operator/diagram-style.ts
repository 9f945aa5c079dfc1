/** How the diagram looks, in the page as in a file of its own. */
export const DIAGRAM_STYLE = `
.join-diagram { --ground: #ffffff; --line: #d8d3c8; --text: #23211d; --faint: #6b665c; --band: #f6f3ec;
  --frame: #1f5fbf; --invocation: #7a3fb0; --table: #96580a; --post: #1f5fbf; --call: #1c7a4a; --event: #0d7377; --bad: #b3261e;
  font: 12.5px/1.3 system-ui, -apple-system, 'Segoe UI', sans-serif; }
@media (prefers-color-scheme: dark) {
  .join-diagram { --ground: #1d1f1c; --line: #3d413a; --text: #eceae4; --faint: #a9a79d; --band: #262924;
    --frame: #8ab4f8; --invocation: #cfa5f5; --table: #f0b35e; --post: #8ab4f8; --call: #7fd6a4; --event: #6fd0d4; --bad: #ff8a80; }
}
.join-diagram text { fill: var(--text); }
.join-diagram .ground { fill: var(--ground); }
.join-diagram .title { font-size: 16px; font-weight: 650; }
.join-diagram .faint, .join-diagram .time { fill: var(--faint); }
.join-diagram .time { font-size: 11px; font-variant-numeric: tabular-nums; }
.join-diagram .lane { stroke: var(--line); stroke-dasharray: 3 4; }
.join-diagram .party { fill: var(--band); stroke: var(--line); }
.join-diagram .party-name { font-weight: 600; }
.join-diagram .band { fill: var(--band); }
.join-diagram .phase { font-weight: 600; }
.join-diagram .label { paint-order: stroke; stroke: var(--ground); stroke-width: 5px; stroke-linejoin: round; }
.join-diagram .hop { color: var(--frame); }
.join-diagram .hop.invocation { color: var(--invocation); }
.join-diagram .hop.table { color: var(--table); }
.join-diagram .hop.post { color: var(--post); }
.join-diagram .hop.call { color: var(--call); }
.join-diagram .hop.event { color: var(--event); }
.join-diagram .hop.failed { color: var(--bad); }
.join-diagram .arrow { stroke: currentColor; stroke-width: 1.6; fill: none; }
.join-diagram .event .arrow { stroke-dasharray: 5 4; }
.join-diagram .head { fill: currentColor; }
.join-diagram .busy { fill: var(--invocation); opacity: 0.28; }
.join-diagram .row { fill: transparent; }
`;
