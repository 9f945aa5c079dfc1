import { useState } from 'react';
import { Button } from '../parts/button.tsx';

export interface CopyLinkProps {
  link: string;
  look: 'primary' | 'quiet';
}

/** Copies the link that brings others here. */
export function CopyLink({ link, look }: CopyLinkProps) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
      setCopied(true);
    } catch {
      // No clipboard without permission: the link can still be copied by hand.
      prompt('Copy this link', link);
    }
  };
  const label = isCopied ? 'Copied' : 'Copy link';
  return (
    <Button
      className="copy"
      look={look}
      icon={isCopied ? 'check' : 'link'}
      aria-label={label}
      testid="copy-link"
      onClick={copy}
      onBlur={() => setCopied(false)}
    >
      <span>{label}</span>
    </Button>
  );
}
