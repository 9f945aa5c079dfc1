import type { ComponentProps } from 'react';
import { classes } from './classes.ts';
import { Icon, type IconName } from './icon.tsx';

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label'> {
  icon: IconName;
  /** What pressing it does. */
  label: string;
  /**
   * Default `round`, of a bar of controls. `leave`: red, and the widest. `switch`: something that is on is no trouble, as it is with
   * a microphone that is off. `bare`: within something else, without a frame.
   */
  look?: 'round' | 'leave' | 'switch' | 'bare';
  /** For those that switch something: whether it is. */
  isPressed?: boolean;
  /** For those that open something: whether it is open. */
  isExpanded?: boolean;
  /** A small number on it; 0: none. */
  mark?: number;
  testid?: string;
}

const LOOKS = { round: 'round', leave: 'round leave', switch: 'round switch-on', bare: 'bare' };

/** A button with a picture in place of words. */
export function IconButton(props: IconButtonProps) {
  const { icon, label, look = 'round', isPressed, isExpanded, mark = 0, testid, className, ...rest } = props;
  return (
    <button
      type="button"
      className={classes(LOOKS[look], className)}
      title={label}
      aria-label={label}
      aria-pressed={isPressed}
      aria-expanded={isExpanded}
      data-testid={testid}
      {...rest}
    >
      <Icon name={icon} />
      {mark > 0 && <span className="mark" data-mark={mark} />}
    </button>
  );
}
