import type { ComponentProps } from 'react';
import { classes } from './classes.ts';
import { Icon, type IconName } from './icon.tsx';

export interface ButtonProps extends ComponentProps<'button'> {
  /** Default `quiet`. */
  look?: 'primary' | 'quiet' | 'danger';
  isSmall?: boolean;
  /** A picture before the words. */
  icon?: IconName;
  testid?: string;
}

/** A button with words on it. */
export function Button({ look = 'quiet', isSmall, icon, testid, className, children, ...rest }: ButtonProps) {
  const style = classes('button', look, isSmall && 'small', className);
  return (
    <button type="button" className={style} data-testid={testid} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
