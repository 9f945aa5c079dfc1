export {
  type DynaliteOperation,
  type Item,
  type Request,
  type Response,
  ServiceError,
} from '../../../../../local/src/aws/dynalite.ts';
