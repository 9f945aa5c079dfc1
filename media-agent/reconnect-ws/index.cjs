module.exports = () => { throw new Error('not written yet'); };
